import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2'

const ignore = (): void => undefined
const IGNORED: TokenizerCallbacks = {
  onattribdata: ignore,
  onattribend: ignore,
  onattribentity: ignore,
  onattribname: ignore,
  oncdata: ignore,
  onclosetag: ignore,
  oncomment: ignore,
  ondeclaration: ignore,
  onend: ignore,
  onopentagend: ignore,
  onopentagname: ignore,
  onprocessinginstruction: ignore,
  onselfclosingtag: ignore,
  ontext: ignore,
  ontextentity: ignore,
}

/**
 * Reads HTML as a token stream, without a tree or a stack, so that it is linear for any input. Ignores tokens without a callback.
 */
export function tokenizeHtml(html: string, callbacks: Partial<TokenizerCallbacks>): void {
  const tokenizer = new Tokenizer({ xmlMode: false, decodeEntities: true }, { ...IGNORED, ...callbacks })
  tokenizer.write(html)
  tokenizer.end()
}
