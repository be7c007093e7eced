/** Scores of the non-ASCII characters of a language; all others score nothing. */
type Language = { points: ReadonlyMap<string, number>; rest: RegExp | null; isLatin: boolean }

const HAN = /[\u3400-\u9FFF\uF900-\uFAFF\uFF66-\uFF9F]/
const HANGUL = /[\uAC00-\uD7A3]/
/** Scores of less common ideographs and syllables, of rarer letters, and the factor for capitals. */
const [REST, RARE, CAPITAL] = [0.2, 0.5, 0.7]
/** Symbols used in every language; they do not tell which it is. */
const NEUTRAL =
  /[\u00A0\u00A1\u00A9\u00AB\u00AD\u00AE\u00B0\u00B4\u00B7\u00BB\u00BF\u2010-\u2026\u2030\u2039\u203A\u20AC\u2122\u2190-\u21FF\u25A0-\u27BF\uFEFF]/
const CJK_SIGNS = '　、。〈〉《》「」『』【】〜・，．：；？！（）［］～…—“”‘’￥％＆＋－０１２３４５６７８９'

/** A language with an alphabet: its common letters, and the others. */
function alphabet(common: string, others = ''): Language {
  const points = new Map<string, number>()
  for (const [letters, value] of [
    [others, RARE],
    [common, 1],
  ] as const) {
    for (const letter of letters) {
      points.set(letter.toUpperCase(), value * CAPITAL)
      points.set(letter, value)
    }
  }
  return { points, rest: null, isLatin: /\p{Script=Latin}/u.test(common) }
}
function syllabary(common: string, rest: RegExp): Language {
  return { points: new Map(Array.from(common + CJK_SIGNS, (character) => [character, 1])), rest, isLatin: false }
}
function range(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, at) => String.fromCharCode(from + at)).join('')
}

const KANA = range(0x3041, 0x3096) + range(0x30a1, 0x30fc)
const KANJI =
  '日本人大一会社国年出中月者分時上前生事同的行自場間地見方入東京代立主合回通全当理動体化言業知今学手目対部性力電新実定話関心作多用現発度内外何下後気名長金最送信件様願御確認了承登録更変返先連絡担当者次第以下無料期限請求書資料添付参加申込情報受'
const SIMPLIFIED =
  '的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运您请邮箱谢谢册订单客户服务器址验证码密账号联系欢迎测试'
const TRADITIONAL =
  '的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直資命山金指許統區保至請謝您郵箱註冊訂單客戶服務器驗證碼帳號聯繫歡迎測試'
const SYLLABLES =
  '이다는의에가을고하지로를은한도사나대기해어리자아서시그일부있인정수장들게보전라으요면만안내여주과제구상동우니적성오원공조스중세선소신개용연마진무당국미경했호비관방생유회며것업체현무차실문드분위후모말화바러계되터각행물치심결러식요트재학물습감합건님메발송녕하세십니까저희제목테스트김최박년월'

const LANGUAGES: readonly Language[] = [
  ...[
    'éèêàâçùûôîïëœæ',
    'äöüß',
    'áéíóúñüªº',
    'áâãàçéêíóôõúü',
    'àèéìòùî',
    'æøåéäö',
    'åäöé',
    'éëïèóöüáí',
    'áéíóúýþæöð',
    'áčďéěíňóřšťúůýž',
    'áäčďéíĺľňóôŕšťúýž',
    'ąćęłńóśźż',
    'áéíóöőúüű',
    'ăâîşţșț',
    'čćđšž',
    'çğıöşüâî',
    'ąčęėįšųūž',
    'āčēģīķļņšūž',
    'äõöüšž',
  ].map((letters) => alphabet(letters)),
  alphabet('àáâãèéêìíòóôõùúýăđĩũơư', `ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ${range(0x300, 0x323)}`),
  alphabet('оеаинтсрвлкмдпуяыьзбг', 'йчжхшющцэъфёіїєґўђјљњћџѓќѕ№'),
  alphabet('αοιετνσηυρπκμλςάόίέήώύ', 'βγδζθξφχψωϊϋΐΰ'),
  alphabet('יוהלאמרתבשנםןעדקפח', `כגסטצזךףץ${range(0x5b0, 0x5c2)}`),
  alphabet('اليمونرتبعدسفهكحقةأ', `،؛؟جشطخصذضزثغظؤئآإىءپچژگکی${range(0x64b, 0x652)}`),
  alphabet('านรอกเงมยวดทสตะปบคหแจพชขใไโลิี่้ัุู็ื', 'ำึผถซฟณศธภญษฐฝ์ๆๅฤฎฏฒฬฮ'),
  syllabary(KANA + KANJI, HAN),
  syllabary(SIMPLIFIED, HAN),
  syllabary(TRADITIONAL, HAN),
  syllabary(SYLLABLES, HANGUL),
]

/** Symbols that may occur inside words. */
const JOINS = /^[\u00AD\u00B7\u2010\u2011\u2018\u2019]$/
const SCRIPTS: readonly RegExp[] = ['Latin', 'Cyrillic', 'Greek', 'Hebrew', 'Arabic', 'Thai'].map(
  (name) => new RegExp(`^\\p{Script=${name}}$`, 'u'),
)
/** Letters that only end a word. */
const FINAL = /^[\u03C2\u05DA\u05DD\u05DF\u05E3\u05E5\u0629\u0649]$/

/** Letters that never begin a word. */
const INNER = /^[\u044A\u044C]$/

/** `score` is 1 for text of some language, around 0 or below for noise; `count` is the number of significant characters. */
export type TextScore = { score: number; count: number }

/** Properties of a character that matter next to another. */
type Kind = {
  telling: boolean
  letter: boolean
  mark: boolean
  ascii: boolean
  script: number
  lower: boolean
  upper: boolean
  /** The points of a telling character in each language. */
  points: readonly number[]
}

/** Characters with the same points share them: most have none, or those of any ideograph. */
const pointLists = new Map<string, readonly number[]>()

function pointsOf(character: string): readonly number[] {
  const points = LANGUAGES.map(
    (language) => language.points.get(character) ?? (language.rest?.test(character) ? REST : 0),
  )
  const key = points.join(' ')
  const known = pointLists.get(key)
  if (known === undefined) pointLists.set(key, points)
  return known ?? points
}

function kindOf(character: string): Kind {
  const letter = /^\p{L}$/u.test(character)
  const telling = character > '\u007F' && !NEUTRAL.test(character)
  return {
    telling,
    points: telling ? pointsOf(character) : [],
    letter,
    mark: /^\p{M}$/u.test(character),
    ascii: character <= '\u007F',
    script: letter ? SCRIPTS.findIndex((script) => script.test(character)) : -1,
    lower: /^\p{Ll}$/u.test(character),
    upper: /^\p{Lu}$/u.test(character),
  }
}

/** Cache by character; text of one language has few. Starts anew when it is full, or one message of noise would fill it for good. */
const kinds = new Map<string, Kind>()
const MAX_KINDS = 40_000

function cachedKind(character: string): Kind {
  const known = kinds.get(character)
  if (known) return known
  const kind = kindOf(character)
  if (kinds.size >= MAX_KINDS) kinds.clear()
  kinds.set(character, kind)
  return kind
}

/**
 * Scores how much a decoded text looks like a language, by its non-ASCII characters: letters that occur together in a language,
 * common ideographs, capitals at the start of words. ASCII and symbols do not count; a text of these alone scores 1.
 */
export function scoreText(text: string): TextScore {
  const telling: (readonly number[])[] = []
  let faults = 0
  let latinFaults = 0
  let run = 0
  let signInWord = false
  let previous = ''
  let before = cachedKind(' ')
  for (const character of text) {
    const kind = cachedKind(character)
    if (kind.telling) telling.push(kind.points)
    run = kind.letter && !kind.ascii ? run + 1 : 0
    // Words in Latin script have ASCII letters between the others.
    if (run >= 4) latinFaults += 1
    if (kind.letter && signInWord && kind.script >= 0) faults += 1
    signInWord = before.letter && !kind.letter && !kind.ascii && !kind.mark && !JOINS.test(character)
    if (before.letter && kind.letter && !(before.ascii && kind.ascii)) {
      if (kind.script >= 0 && before.script >= 0 && kind.script !== before.script) faults += 1
      else if (before.lower && kind.upper) faults += 1
      else if (FINAL.test(previous) && kind.script >= 0) faults += 1
    }
    if (!before.letter && INNER.test(character)) faults += 1
    if (kind.mark && !before.letter && !before.mark) faults += 1
    previous = character
    before = kind
  }
  if (telling.length === 0) return { score: 1, count: 0 }
  const scores = LANGUAGES.map(({ isLatin }, language) => {
    let sum = -faults - (isLatin ? latinFaults : 0)
    for (const points of telling) sum += points[language] ?? 0
    return sum / telling.length
  })
  return { score: Math.max(...scores), count: telling.length }
}
