import { EXAMPLE } from '../../wire/index.ts'

/** Part of the document. */
export type Json = Record<string, unknown>

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whole numbers are said to be such. */
const asInteger = (type: unknown): unknown =>
  Array.isArray(type) ? type.map(asInteger) : type === 'number' ? 'integer' : type

/** A field's words stand in its schema (`word` in wire); the example there becomes one of the list that JSON Schema has. */
const describeField = (
  { [EXAMPLE]: example, ...schema }: Json,
  owner: string,
  name: string,
  missing: string[],
): Json => {
  if (typeof schema['description'] !== 'string') missing.push(`${owner}.${name}`)
  return {
    ...schema,
    ...(schema['format'] === 'int64' ? { type: asInteger(schema['type']) } : {}),
    ...(example === undefined || 'examples' in schema ? {} : { examples: [exampleOf(schema, {}, example)] }),
  }
}

/**
 * A schema whose fields have their examples where readers look for them.
 * @param owner name of the schema, of the operation, or of the field that holds it
 * @param missing gets the names of fields without words
 */
export const describeSchema = (schema: unknown, owner: string, missing: string[]): unknown => {
  if (Array.isArray(schema)) return schema.map((part) => describeSchema(part, owner, missing))
  if (!isJson(schema)) return schema
  const inner = Object.fromEntries(
    ['items', 'anyOf', 'oneOf', 'allOf']
      .filter((name) => name in schema)
      .map((name) => [name, describeSchema(schema[name], owner, missing)]),
  )
  const { properties } = schema
  if (!isJson(properties)) return { ...schema, ...inner }
  const described = Object.entries(properties).map(([name, field]) => {
    const holder = name === 'data' ? owner : name
    return [name, describeField(describeSchema(field, holder, missing) as Json, owner, name, missing)]
  })
  return { ...schema, ...inner, properties: Object.fromEntries(described) as Json }
}

/** A parameter with the words of its schema. */
export const describeParameter = (parameter: Json, owner: string, missing: string[]): Json => {
  const { description, [EXAMPLE]: example, ...schema } = parameter['schema'] as Json
  if (typeof description !== 'string') missing.push(`${owner}.${String(parameter['name'])}`)
  return { ...parameter, schema, description, example: exampleOf(schema, {}, example) }
}

/**
 * An example of a schema: its own, or one made of those of its parts.
 * @param wanted the one to take where the schema has none and allows it
 */
export const exampleOf = (schema: unknown, schemas: Json, wanted?: unknown): unknown => {
  if (!isJson(schema)) return null
  const { examples, $ref, properties, items } = schema
  if (Array.isArray(examples)) return examples[0] as unknown
  if (Array.isArray(schema['enum'])) return schema['enum'].includes(wanted) ? wanted : (schema['enum'][0] as unknown)
  if (wanted !== undefined) return wanted
  if (typeof $ref === 'string') return exampleOf(schemas[$ref.slice('#/components/schemas/'.length)], schemas)
  if (Array.isArray(schema['anyOf'])) return exampleOf(schema['anyOf'][0], schemas)
  if (items !== undefined) return [exampleOf(items, schemas)]
  if (!isJson(properties)) return schema['type'] === 'object' ? {} : null
  return Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, exampleOf(field, schemas)]))
}

/** Gives each field that has no example yet one that is made of its parts. */
export const completeExamples = (part: unknown, schemas: Json): unknown => {
  if (Array.isArray(part)) return part.map((one) => completeExamples(one, schemas))
  if (!isJson(part)) return part
  const whole = Object.entries(part).map(([name, value]) => [
    name,
    name === 'properties' && isJson(value)
      ? Object.fromEntries(
          Object.entries(value).map(([field, schema]) => [
            field,
            { ...(completeExamples(schema, schemas) as Json), examples: [exampleOf(schema, schemas)] },
          ]),
        )
      : name === 'examples' || name === 'example'
        ? value
        : completeExamples(value, schemas),
  ])
  return Object.fromEntries(whole) as Json
}
