/** The `database` section of the configuration. */
export type DatabaseOptions =
  { backend: 'sqlite'; path: string } | { backend: 'postgres'; url: string; max_connections?: number | undefined }
