/** The form in which names of tags and folders are compared: ignoring case, width and surrounding space. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase()
}
