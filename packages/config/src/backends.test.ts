import { describe, expect, it } from 'vitest'
import { emptyFolder } from './testing/folder.ts'

const { failure, load, path } = emptyFolder()

describe('backends', () => {
  it('reads DATABASE_URL over the section of another backend', () => {
    const url = 'postgres://u:p@localhost/m'
    expect(load({ DATABASE_URL: url }, 'database: { backend: sqlite, path: x.db }').config.database).toEqual({
      backend: 'postgres',
      url,
      max_connections: 20,
    })
    expect(
      load({ DATABASE_URL: url }, 'database: { url: "postgres://x", max_connections: 5 }').config.database,
    ).toEqual({ backend: 'postgres', url, max_connections: 5 })
    expect(load({ DATABASE_URL: 'sqlite:x.db' }).config.database).toEqual({
      backend: 'sqlite',
      path: path('x.db'),
    })
    expect(load({ DATABASE_URL: 'sqlite:///var/x.db' }).config.database).toEqual({
      backend: 'sqlite',
      path: '/var/x.db',
    })
    expect(failure({ DATABASE_URL: 'mysql://x' })).toContain('DATABASE_URL: database: must be postgres://')
  })

  it('never lets a local path override a named server', () => {
    const url = 'postgres://h/d'
    const { config, warnings } = load({ DATABASE_URL: url, MAIRUST_DATABASE__PATH: 'x.db' })
    expect(config.database).toMatchObject({ backend: 'postgres', url })
    expect(warnings).toEqual(['ignored, because database.backend is postgres: MAIRUST_DATABASE__PATH'])
    const file = `database: { backend: postgres, url: "${url}" }`
    expect(load({ MAIRUST_DATABASE__PATH: 'x.db' }, file).config.database.backend).toBe('postgres')
    expect(load({ MAIRUST_DATABASE__PATH: 'x.db', MAIRUST_DATABASE__BACKEND: 'sqlite' }, file).config.database).toEqual(
      {
        backend: 'sqlite',
        path: path('x.db'),
      },
    )
    const s3 = { STORAGE_BACKEND: 's3', S3_BUCKET: 'b', S3_ACCESS_KEY: 'k', S3_SECRET_KEY: 's', S3_REGION: 'r' }
    const kept = load({ ...s3, MAIRUST_STORAGE__OPTIONS__BASE_PATH: 'mail' })
    expect(kept.config.storage.backend).toBe('s3')
    expect(kept.warnings.filter((warning) => warning.startsWith('ignored'))).toEqual([
      'ignored, because storage.backend is s3: MAIRUST_STORAGE__OPTIONS__BASE_PATH',
    ])
  })

  it('infers the backend from the keys', () => {
    expect(load({ DATABASE_URL: 'postgres://h/d' }, 'database: { path: x.db }').config.database.backend).toBe(
      'postgres',
    )
    expect(load({ MAIRUST_DATABASE__URL: 'postgresql://h/d' }).config.database.backend).toBe('postgres')
    expect(load({ MAIRUST_DATABASE__PATH: 'y.db' }).config.database).toEqual({
      backend: 'sqlite',
      path: path('y.db'),
    })
  })

  it('uses S3 names only for S3', () => {
    const s3 = {
      S3_BUCKET: 'mail',
      S3_ENDPOINT: 'http://127.0.0.1:9000',
      S3_ACCESS_KEY: 'a',
      S3_SECRET_KEY: 's',
      S3_REGION: 'eu',
    }
    expect(load({ STORAGE_BACKEND: 'S3', ...s3 }).config.storage).toMatchObject({
      backend: 's3',
      options: {
        bucket: 'mail',
        region: 'eu',
        endpoint: 'http://127.0.0.1:9000',
        access_key_id: 'a',
        secret_access_key: 's',
        encryption: 'none',
      },
    })
    expect(load({ MAIRUST_STORAGE__BACKEND: 's3', ...s3 }).config.storage.backend).toBe('s3')
    const { config, warnings } = load({ S3_BUCKET: 'mail' })
    expect(config.storage.backend).toBe('fs')
    expect(warnings).toEqual(['ignored, because storage.backend is not s3: S3_BUCKET'])
    expect(failure({ STORAGE_BACKEND: 's3' })).toBe(
      'STORAGE_BACKEND: storage.options.bucket: must be a string, and is not set',
    )
  })

  it('keeps generated files together in data_dir', () => {
    const { config } = load({
      MAIRUST_SERVER__DATA_DIR: '/srv/mairust',
      MAIRUST_WEB__PORT: '9000',
      MAIRUST_TLS__CERT_PATH: 'c.pem',
      MAIRUST_TLS__KEY_PATH: '/k.pem',
    })
    expect(config.database).toMatchObject({ path: '/srv/mairust/mairust.db' })
    expect(config.storage.options).toEqual({ base_path: '/srv/mairust/mail' })
    expect(config.tls).toMatchObject({ cert_path: path('c.pem'), key_path: '/k.pem' })
    expect(config.server.public_url).toBe('http://localhost:9000')
    expect(
      load({ MAIRUST_WEB__PORT: '9000', MAIRUST_SERVER__PUBLIC_URL: 'https://m.example/' }).config.server.public_url,
    ).toBe('https://m.example')
  })
})
