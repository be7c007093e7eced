import { EXAMPLE } from '../../wire/index.ts'

/** A JSON object: part of the document. */
export type Json = Record<string, unknown>

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** JavaScript has one type for numbers; the document tells integers apart. */
const asInteger = (type: unknown): unknown =>
  Array.isArray(type) ? type.map(asInteger) : type === 'number' ? 'integer' : type

/** The description comes from the field's schema (`word` in wire). Its example becomes the JSON Schema list `examples`. */
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
 * Turns the examples of a schema's fields into JSON Schema's `examples`.
 * @param owner name of the schema, of the operation, or of the field that contains it
 * @param missing collects the names of fields without a description
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

/** Moves description and example from a parameter's schema to the parameter. */
export const describeParameter = (parameter: Json, owner: string, missing: string[]): Json => {
  const { description, [EXAMPLE]: example, ...schema } = parameter['schema'] as Json
  if (typeof description !== 'string') missing.push(`${owner}.${String(parameter['name'])}`)
  return { ...parameter, schema, description, example: exampleOf(schema, {}, example) }
}

/**
 * An example for a schema: its own, or one built from those of its parts.
 * @param wanted the example to use if the schema has none and allows this one
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

/** Gives each field without an example one that is built from its parts. */
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
