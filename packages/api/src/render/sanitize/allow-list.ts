/** Elements that mail may contain. Others are removed, but their content stays, except for `DROPPED`. */
export const TAGS = [
  'a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del',
  'details dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark',
  'nav ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead',
  'time tr tt u ul var wbr',
].flatMap((line) => line.split(' '))

/** Elements that are removed with their content: code, foreign content, and raw text that browsers parse differently. */
export const DROPPED = [
  'script style textarea option xmp title noscript noembed noframes iframe template svg math plaintext xml',
].flatMap((line) => line.split(' '))

const BOX = ['width', 'height', 'bgcolor']
const CELL = [...BOX, 'colspan', 'rowspan', 'nowrap', 'scope']

/** Attributes that each element may keep; never ids, names or classes, and no `value` of `li`: Chromium takes the square of their number. */
export const ATTRIBUTES: Record<string, string[]> = {
  '*': ['style', 'dir', 'lang', 'align', 'valign'],
  // The title is ours and tells where the link leads; one of an element inside it could tell something else.
  a: ['href', 'title', 'rel', 'target'],
  img: ['src', 'alt', 'width', 'height', 'border', 'hspace', 'vspace'],
  table: [...BOX, 'border', 'cellpadding', 'cellspacing'],
  tbody: ['bgcolor'],
  thead: ['bgcolor'],
  tfoot: ['bgcolor'],
  tr: BOX,
  td: CELL,
  th: CELL,
  col: ['span', 'width'],
  colgroup: ['span', 'width'],
  font: ['color', 'face', 'size'],
  ol: ['start', 'type', 'reversed'],
  ul: ['type'],
  li: ['type'],
  hr: ['width', 'size', 'color', 'noshade'],
  details: ['open'],
  time: ['datetime'],
}
