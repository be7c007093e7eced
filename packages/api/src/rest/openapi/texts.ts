/** What stands before the operations. */
export const INTRODUCTION = `Everything that the mail pages and the command line do, for programs.

## Keys and scopes
Send an API key as \`Authorization: Bearer mk_live_…\`. Keys are made with \`mairust api-key create\` or with
\`POST /admin/api-keys\`; the text of a key is shown once. A key has scopes: \`read\`, \`write\`, \`send\`, \`admin\`, \`plugin\`, each
alone or narrowed to domains or mailboxes. It never holds more than the user it acts for. Browsers use the session cookie of
\`POST /auth/login\` instead and send \`Origin\` with every change.

## Answers
One resource is \`{ "data": {…} }\`. A list is \`{ "data": […], "pagination": { "cursor", "has_more" } }\`. Times are RFC 3339 in UTC.
An id is a prefix that tells the kind, \`_\`, and 26 characters. Unknown fields of a body or a query are refused.

## Paging
\`limit\` says how many entries a page has, 50 unless said and 100 at most. While \`has_more\` is true, ask again with \`cursor\` set to
\`pagination.cursor\`, and with the same filters and sort: a cursor belongs to them. What comes meanwhile moves nothing.

## Errors
\`{ "error": { "code", "message", "details", "request_id" } }\` with the fitting status. Decide by \`code\`; \`details\` names every wrong
field at once; \`request_id\` finds the request in the log. What belongs to another tenant is not found (404).

## Limits
\`X-RateLimit-Limit\`, \`X-RateLimit-Remaining\` and \`X-RateLimit-Reset\` (epoch seconds) tell how much is left. Beyond it the answer
is 429 with \`Retry-After\` in seconds. A JSON body has at most 1 MB.

## Making, changing, repeating
A POST that makes something answers 201 with its \`Location\`. With an \`Idempotency-Key\` it makes one thing for 24 hours, however
often it is sent; the same key with another body is refused (409). Single resources have an \`ETag\`: send it as \`If-Match\` with a
change, and the change is refused (412) when somebody else was first. The source of a message and attachments come in ranges.

## Searching
\`q\` of \`GET /messages\` takes words (all must occur), \`"an exact phrase"\`, \`-not\`, and the operators \`from:\`, \`to:\`, \`subject:\`,
\`has:attachment\`, \`before:\`, \`after:\`, \`tag:\`, \`in:\`, \`is:unread\`, \`is:read\`, \`is:starred\`. Trash, junk and quarantine are left out
unless \`folder\` or \`in:\` names one; \`in:anywhere\` means all.`

/** What each group of operations is about. */
export const TAGS: Readonly<Record<string, string>> = {
  'API keys': 'Keys with which programs sign in.',
  Account: 'Name and password of the caller.',
  Aliases: 'Addresses whose mail goes to others.',
  Audit: 'Who changed what.',
  Authentication: 'Signing in and out, and the sessions of the caller.',
  Domains: 'Domains whose mail comes here, with the DNS records they need.',
  Journeys: 'What happened to each message on its way, also to refused ones.',
  Mailboxes: 'Mailboxes and their folders.',
  Messages: 'Reading, searching, flagging, moving and removing mail.',
  Service: 'Whether the server works, and this document.',
  Settings: 'What is set for the whole organisation.',
  Tags: 'Names that people put on messages. They belong to the owner of a mailbox, not to the whole tenant.',
  Users: 'People who sign in.',
}
