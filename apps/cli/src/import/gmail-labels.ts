import { decodeWords } from '@mairust/mail-core/message'
import type { FolderRole, SourceMessage } from './source.ts'
import { tagsOf } from './tags.ts'

const MEANINGS = [
  'inbox',
  'sent',
  'drafts',
  'junk',
  'trash',
  'archived',
  'unread',
  'opened',
  'starred',
  'important',
  'category',
] as const
type Meaning = (typeof MEANINGS)[number]

/** Gmail's system labels as Takeout writes them, one language per line, in the order of `MEANINGS`; earlier lines win. */
const LANGUAGES = [
  'inbox, sent, drafts|draft, spam, trash|bin, archived, unread, opened, starred, important, category',
  'posteingang, gesendet, entwürfe, spam, papierkorb, archiviert, ungelesen, geöffnet, markiert, wichtig, kategorie',
  'boîte de réception, messages envoyés|envoyés|envoyé, brouillons, spam, corbeille, messages archivés|archivés, non lus, ouvert, suivis|favoris, important|importants, catégorie',
  'recibidos, enviados, borradores, spam, papelera, archivados, no leídos, abiertos, destacados, importante|importantes, categoría',
  'posta in arrivo, posta inviata|inviati, bozze, spam, cestino, archiviati, da leggere, aperti, speciali, importanti, categoria',
  'caixa de entrada, enviados, rascunhos, spam, lixeira, arquivado, não lidas, aberto, com estrela, importante, categoria',
  'postvak in, verzonden, concepten, spam, prullenbak, gearchiveerd, ongelezen, geopend, met ster, belangrijk, categorie',
  'inkorgen, skickat, utkast, skräppost, papperskorgen, arkiverade|arkiverad, olästa|oläst, öppnade|öppnad, stjärnmärkta|stjärnmärkt, viktigt, kategori',
  'doručené, odesláno|odeslané, koncepty, spam, koš, archivováno|archivované, nepřečtené, otevřené|otevřeno, s hvězdičkou, důležité, kategorie',
  'odebrane, wysłane, wersje robocze, spam, kosz, zarchiwizowane, nieprzeczytane, otwarte, oznaczone gwiazdką, ważne, kategoria',
  'входящие, отправленные, черновики, спам, корзина, архив|архивированные|заархивированные, непрочитанные, открытые|открыто, помеченные, важные|важное, категория',
  'gelen kutusu, gönderilmiş postalar|gönderilen, taslaklar, spam, çöp kutusu, arşivlenmiş|arşivlendi, okunmamış, açılmış|açıldı, yıldızlı, önemli, kategori',
  '收件箱, 已发邮件|已发送, 草稿, 垃圾邮件, 已删除邮件, 已归档, 未读|未读邮件, 已打开|打开的邮件, 已加星标, 重要|重要邮件, 类别',
  '收件匣, 寄件備份, 草稿|草稿匣, 垃圾郵件, 垃圾桶, 已封存|封存, 未讀|未讀取, 已開啟|已開封, 已加星號, 重要|重要郵件, 類別',
  '받은편지함|받은 편지함, 보낸편지함|보낸 편지함, 임시보관함, 스팸함|스팸, 휴지통, 보관됨|보관처리됨, 읽지 않음|읽지않음, 열린 메일|읽음, 별표편지함|별표 편지함, 중요|중요편지함, 카테고리',
  '受信トレイ, 送信済み, 下書き, 迷惑メール, ゴミ箱, アーカイブ済み, 未読, 開封済み, スター付き, 重要, カテゴリ',
].map((line) => {
  const named = line
    .split(', ')
    .flatMap((names, at) => names.split('|').map((name): [string, Meaning | undefined] => [name, MEANINGS[at]]))
  return new Map(named)
})

/** A message with several of these labels goes to the first. */
const PLACES = ['trash', 'junk', 'drafts', 'inbox', 'sent'] as const satisfies readonly (FolderRole & Meaning)[]

/** Splits `a,"b, c"`. */
const splitLabels = (text: string): string[] =>
  Array.from(text.matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g), ([, quoted, plain = '']) =>
    (quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1')).trim(),
  ).filter((label) => label !== '')

/** What a label means in a language. Labels of Gmail's tabs begin with a common word, as in `Category Updates`. */
function meaningIn(language: ReadonlyMap<string, Meaning | undefined>, label: string): Meaning | undefined {
  const text = label.toLowerCase()
  const whole = language.get(text)
  if (whole !== undefined) return whole
  const [first = ''] = text.split(/[ :「]/)
  return language.get(first) === 'category' ? 'category' : undefined
}

/** What each label means, in the language that matches most: `Entwürfe` beside `Inbox` is the user's own label. */
function meaningsOf(labels: readonly string[]): (Meaning | undefined)[] {
  const readings = LANGUAGES.map((language) => labels.map((label) => meaningIn(language, label)))
  const known = (reading: readonly unknown[]): number => reading.filter((meaning) => meaning !== undefined).length
  return readings.reduce((best, reading) => (known(reading) > known(best) ? reading : best), [])
}

/**
 * Reads `X-Gmail-Labels` of a Takeout mbox. Gmail's system labels become folder and flags; the user's labels become tags, and the
 * first of them the folder of an archived message.
 */
export function fromGmailLabels(
  field: string,
): Pick<SourceMessage, 'seen' | 'starred' | 'draft' | 'folder' | 'role' | 'tags'> {
  const labels = splitLabels(decodeWords(Buffer.from(field, 'latin1').toString('utf8')))
  const meanings = meaningsOf(labels)
  const role = PLACES.find((place) => meanings.includes(place))
  const own = labels.filter((_, at) => meanings[at] === undefined)
  const folder = role === undefined ? (own[0] ?? null) : null
  return {
    seen: !meanings.includes('unread'),
    starred: meanings.includes('starred'),
    draft: meanings.includes('drafts'),
    folder,
    role: role ?? (folder === null ? 'archive' : null),
    tags: tagsOf(labels.filter((_, at) => meanings[at] === undefined || meanings[at] === 'important')),
  }
}
