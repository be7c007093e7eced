/** The form in which names of tags and folders are compared: ignoring case, width and surrounding space. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase()
}

/** The column with the key of a name, where a change gives a name. */
export const keyOfName = ({ name }: { name?: string | undefined }): { nameKey?: string } =>
  name === undefined ? {} : { nameKey: nameKey(name) }
