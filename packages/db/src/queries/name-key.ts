/** The form under which names of tags and folders are compared: without regard to case, width or surrounding space. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase()
}
