import { createConfig, lintFromString } from '@redocly/openapi-core'
import { describe, expect, it } from 'vitest'
import { openApiDocument, undescribedFields } from '../document.ts'
import { NAMED } from './names.ts'
import { TAGS } from './texts.ts'

describe('the OpenAPI document', () => {
  it('describes every field and parameter', () => {
    expect(undescribedFields()).toEqual([])
  })

  it('names the schemas of responses, and uses every one of them', () => {
    const { components } = openApiDocument()
    expect(Object.keys(components.schemas)).toEqual([...Object.keys(NAMED), 'ApiError'].sort())
    const text = JSON.stringify(openApiDocument())
    for (const name of Object.keys(NAMED)) expect(text, name).toContain(`"#/components/schemas/${name}"`)
  })

  it('describes each tag, and has no description of a tag that is gone', () => {
    const tags = openApiDocument()['tags'] as { name: string; description?: string }[]
    expect(tags.map(({ name }) => name)).toEqual(Object.keys(TAGS).sort())
  })

  it('names every operation by area and verb in kebab case', () => {
    const ids = Object.values(openApiDocument().paths).flatMap((one) => Object.values(one).map((x) => x.operationId))
    expect(ids.filter((id) => !/^[a-z]+(?:-[a-z]+)+$/.test(id))).toEqual([])
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('passes redocly’s recommended rules without a warning', async () => {
    const config = await createConfig({ extends: ['recommended'] })
    const problems = await lintFromString({ source: JSON.stringify(openApiDocument()), config })
    expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([])
  })
})
