import { expect, it } from 'vitest'
import { buildIndex, INDEX_VERSION } from './index-task.ts'

/** A message that exercises most of the indexing: charsets, words, unspaced scripts, HTML, names, an attachment. */
const MESSAGE = `From: =?iso-8859-1?Q?J=E9r=F4me?= <jerome@example.org>
To: "Straße, Anna" <anna@example.com>, team: a@b.example;
Cc: bob@example.com
Subject: =?utf-8?B?5p2x5Lqs44Gn5Lya6K2w?= Re: Łódź migration
Date: Fri, 8 Jul 2011 12:08:34 +0900
Message-ID: <one@example.org>
References: <zero@example.org>
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: multipart/alternative; boundary=c

--c
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Na=EFve caf=E9, 12:30 o'clock

> what was said before
--c
Content-Type: text/html; charset=utf-8

<style>p { color: red }</style><p>วันนี้ไป<b>กิน</b>ข้าว &amp; <a href="https://example.net/path">link</a></p>
--c--
--b
Content-Type: application/pdf; name*=utf-8''%E6%9D%B1%E4%BA%AC.pdf
Content-Disposition: attachment

%PDF
--b--
`

it('a change of the index raises INDEX_VERSION, so that stored messages are indexed again', async () => {
  const made = buildIndex(Buffer.from(MESSAGE.replaceAll('\n', '\r\n')))
  const { subject, preview, from, to, messageId, date, hasAttachments, parseError } = made
  const search = Object.fromEntries(Object.entries(made.search).map(([field, tokens]) => [field, tokens.split(' ')]))
  const stored = { subject, preview, from, to, messageId, date, hasAttachments, parseError, search }
  // A new version gets a new file (vitest -u); delete the old one.
  await expect(`${JSON.stringify(stored, null, 1)}\n`).toMatchFileSnapshot(`./index-version-${INDEX_VERSION}.snap`)
})
