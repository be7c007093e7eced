/** The text before the operations. */
export const INTRODUCTION = `For programs: everything that the web pages and the command line can do.

## Keys and scopes
Send an API key as \`Authorization: Bearer mk_live_…\`. Create one with \`mairust api-key create\` or \`POST /admin/api-keys\`; it is
shown only once. A key has scopes: \`read\`, \`write\`, \`send\`, \`admin\`, \`plugin\`. Each may be restricted to domains or mailboxes. A key
never allows more than its user may do. Browsers use the session cookie of \`POST /auth/login\` instead and send \`Origin\` with every
change.

## Responses
One resource is \`{ "data": {…} }\`. A list is \`{ "data": […], "pagination": { "cursor", "has_more" } }\`. Times are RFC 3339 in UTC.
An id has a prefix for the kind of resource, \`_\`, and 26 characters. Unknown fields in a body or a query are rejected.

## Paging
\`limit\` is the number of entries on a page: 50 by default, at most 100. While \`has_more\` is true, ask again with \`cursor\` set to
\`pagination.cursor\`, and with the same filters and sort: a cursor is valid only with them. New entries do not shift the pages.

## Errors
\`{ "error": { "code", "message", "details", "request_id" } }\` with the matching status. Programs should use \`code\`; \`details\` names
every wrong field. Search the log for \`request_id\` to find the request. Resources of other tenants are not found (404).

## Limits
\`X-RateLimit-Limit\`, \`X-RateLimit-Remaining\` and \`X-RateLimit-Reset\` (epoch seconds) show what is left. Beyond the limit the status
is 429, with \`Retry-After\` in seconds. A JSON body has at most 1 MB; that of a draft has
room for the largest message.

## Creating, changing, retrying
A POST that creates a resource answers 201 with its \`Location\`. With an \`Idempotency-Key\` it creates only one in 24 hours, however
often you send it; the same key with another body is refused (409). Single resources have an \`ETag\`: send it as \`If-Match\` with a
change, and the change is refused (412) if the resource has changed since. Attachments and the source of messages support \`Range\`.

## Searching
The \`q\` of \`GET /messages\` takes words (all must occur), \`"an exact phrase"\`, \`-not\`, and the operators \`from:\`, \`to:\`, \`subject:\`,
\`has:attachment\`, \`before:\`, \`after:\`, \`tag:\`, \`in:\`, \`is:unread\`, \`is:read\`, \`is:starred\`. Trash, junk and quarantine are left out
unless \`folder\` or \`in:\` names one; \`in:anywhere\` searches every folder.`

/** A description of each group of operations. */
export const TAGS: Readonly<Record<string, string>> = {
  'API keys': 'Keys that programs sign in with.',
  Account: 'Your own name and password.',
  Aliases: 'Addresses whose mail goes to other addresses.',
  Audit: 'Who changed what.',
  Authentication: 'Signing in and out, and your sessions.',
  Domains: 'Domains that receive mail here, and the DNS records they need.',
  Drafts: 'Writing and changing drafts, with their attachments.',
  Journeys: 'What happened to each message on its way, including refused ones.',
  Mailboxes: 'Mailboxes and their folders.',
  Messages: 'Reading, searching, flagging, moving and removing mail.',
  Queue: 'Mail on its way to other servers, and what holds it up.',
  Sending: 'Sending mail, at once or at a given time.',
  Service: 'The health of the server, and this document.',
  Settings: 'Settings of the whole organisation.',
  Suppressions: 'Addresses that get no mail, and why.',
  Tags: 'Labels for messages. They belong to the owner of a mailbox, not to the whole tenant.',
  Users: 'People who can sign in.',
}
