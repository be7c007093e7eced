import encoding from 'encoding-japanese'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { decodeBytes } from './charset.ts'
import { parseStructured } from './params.ts'
import { parseMessage } from './parse.ts'
import { decodeWords } from './words.ts'

type Sample = { charset: string; text: string; bytes: Buffer }

const ENGLISH = 'Dear reader, '
const TEXTS: [charset: string, text: string][] = [
  ['shift_jis', 'テストメールです。お問い合わせありがとうございます。'],
  ['euc-jp', 'テストメールです。お問い合わせありがとうございます。'],
  ['gb18030', '您好，感谢您的来信，我们会在两个工作日内给您答复。'],
  ['big5', '您好，感謝您的來信，我們會在兩個工作天內給您答覆。'],
  ['euc-kr', '안녕하세요. 문의해 주셔서 감사합니다. 곧 답변 드리겠습니다.'],
  ['windows-1250', 'Příliš žluťoučký kůň úpěl ďábelské ódy, zażółć gęślą jaźń'],
  ['windows-1251', 'Здравствуйте! Спасибо за ваше письмо, мы скоро ответим.'],
  ['windows-1252', 'Schöne Grüße aus München, voilà un été à la française'],
  ['windows-1253', 'Καλημέρα σας, ευχαριστούμε για το μήνυμά σας.'],
  ['windows-1254', 'Günaydın, mesajınız için teşekkür ederiz, görüşmek üzere, şimdilik hoşça kalın'],
  ['windows-1255', 'שלום רב, תודה על פנייתך, נחזור אליך בהקדם האפשרי'],
  ['windows-1256', 'مرحبا بكم، شكرا لرسالتكم وسوف نرد عليكم قريبا'],
  ['windows-1257', 'Laba diena, ačiū už jūsų laišką, netrukus atsakysime į jį, šiuo metu esame išvykę'],
  ['koi8-r', 'Здравствуйте! Спасибо за ваше письмо, мы скоро ответим.'],
  ['utf-8', 'Příliš žluťoučký kůň, 日本語のテスト, Спасибо'],
]

function jis(text: string): Buffer {
  return Buffer.from(encoding.convert(encoding.stringToCode(text), { to: 'JIS', from: 'UNICODE' }))
}
function shiftedOut(text: string): Buffer {
  const runs = text.replaceAll(/[^\0-\x7f]+/g, (run) => {
    const bytes = iconv.encode(run, 'euc-kr').map((byte) => byte & 0x7f)
    return `\x0e${Buffer.from(bytes).toString('latin1')}\x0f`
  })
  return Buffer.from(`\x1b$)C${runs}`, 'latin1')
}
function hz(text: string): Buffer {
  const runs = text.replaceAll(/[^\0-\x7f]+/g, (run) => {
    const bytes = iconv.encode(run, 'gb2312').map((byte) => byte & 0x7f)
    return `~{${Buffer.from(bytes).toString('latin1')}~}`
  })
  return Buffer.from(runs, 'latin1')
}

const japanese = 'テストメールです。お問い合わせありがとうございます。'
const SAMPLES: Sample[] = [
  ...TEXTS.map(([charset, text]) => ({
    charset,
    text: ENGLISH + text,
    bytes: iconv.encode(ENGLISH + text, charset),
  })),
  { charset: 'iso-2022-jp', text: ENGLISH + japanese, bytes: jis(ENGLISH + japanese) },
  {
    charset: 'iso-2022-kr',
    text: '안녕하세요. 문의해 주셔서 감사합니다.',
    bytes: shiftedOut('안녕하세요. 문의해 주셔서 감사합니다.'),
  },
  { charset: 'hz-gb-2312', text: '您好，感谢您的来信', bytes: hz('您好，感谢您的来信') },
]
const LABELS = [
  ...SAMPLES.map(({ charset }) => charset),
  'gbk',
  'gb2312',
  'iso-8859-1',
  'us-ascii',
  'ks_c_5601-1987',
  '',
]
/** Charsets in which the same bytes are letters: only the label tells which is meant. */
const ALIKE = new Set(
  ['windows-1250', 'windows-1252', 'windows-1254', 'windows-1257', 'iso-8859-1'].flatMap((a, _, all) =>
    all.map((b) => `${a} ${b}`),
  ),
)

describe('every label on every encoding', () => {
  const pairs = LABELS.flatMap((label) => SAMPLES.map((sample) => ({ label, ...sample })))
  it.each(pairs)('$charset labelled "$label"', ({ label, charset, text, bytes }) => {
    if (label !== charset && ALIKE.has(`${label} ${charset}`)) return
    expect(decodeBytes(bytes, label)).toBe(text)
    if (label === '') return
    expect(decodeWords(`=?${label}?B?${bytes.toString('base64')}?=`)).toBe(text)
    const escaped = bytes.toString('hex').replaceAll(/../g, '%$&')
    expect(parseStructured(`attachment; filename*=${label}''${escaped}`).params.get('filename')).toBe(text)
    const raw = Buffer.concat([
      Buffer.from('Subject: '),
      bytes,
      Buffer.from(
        `\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=${label}\r\n\r\n`,
      ),
      bytes,
      Buffer.from('\r\n--b\r\nContent-Disposition: attachment; filename="'),
      bytes,
      Buffer.from('"\r\n\r\nx\r\n--b--\r\n'),
    ])
    const { index, text: body } = parseMessage(raw)
    expect([index.subject, body]).toEqual([text, text])
    // In some charsets, two-byte characters contain quotes and backslashes.
    if (!bytes.includes(0x22) && !bytes.includes(0x5c)) expect(index.attachments[0]?.filename).toBe(text)
  })
})
