'use client'

import { AppShell, EmptyState, isolated, SplitPane } from '@mairust/ui'
import { MailOpen, MailX } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useMemo, useRef, useState } from 'react'

import { Brand } from '#features/brand.tsx'
import { UserMenu } from '#features/user-menu.tsx'
import { remember, type Density } from '#lib/preferences.ts'
import type { Folder, Mailbox, MessageItem, Tag, User } from '#lib/types.ts'

import { MessageActions } from './actions-menu.tsx'
import { useFolders, useMailboxes, useMessageList, usePrefetchMessage, useTags } from './data/queries.ts'
import { useLiveMail } from './data/use-live-mail.ts'
import { useMailActions } from './data/use-mail-actions.ts'
import { useFolderName } from './folder-view.tsx'
import { ListPane } from './list/list-pane.tsx'
import { SearchBox } from './list/search-box.tsx'
import { commonFolder, filterOf, folderSlug, VIEWS, type MailPlace } from './location.ts'
import { MailDialogs, type MailDialog } from './mail-dialogs.tsx'
import { MailSidebar, QuotaMeter } from './mail-sidebar.tsx'
import { MessageReader } from './reader/message-reader.tsx'
import { LiveStatus } from './live-status.tsx'
import { useMailController } from './use-mail-controller.ts'
import { useMailHotkeys } from './use-mail-hotkeys.ts'
import { useMailLocation } from './use-mail-location.ts'

const NO_TAGS: Tag[] = []
const NO_FOLDERS: Folder[] = []
const LIST_WIDTH = { min: 320, max: 720 }

/** The dialog or menu that is open, and whether it belongs to the open message. */
type Shown = { name: MailDialog | 'move' | 'tag'; inReader: boolean }

const only = (message: MessageItem | undefined): MessageItem[] => (message === undefined ? [] : [message])

export type MailAppProps = {
  user: User
  mailboxes: Mailbox[]
  fallback: MailPlace
  preferences: { collapsed: boolean; density: Density; listWidth: number; shortcuts: boolean }
}

/** The mail pages: the folders, the list of one, and the open message. */
export function MailApp({ user, mailboxes: known, fallback, preferences }: MailAppProps) {
  const t = useTranslations('mail')
  const tShell = useTranslations('shell')
  const folderName = useFolderName()
  const location = useMailLocation(fallback)
  const { place, q, unreadOnly, openId } = location

  const mailboxes = useMailboxes().data?.data ?? known
  const mailbox = mailboxes.find(({ address }) => address === place.mailbox)
  const folders = useFolders(mailbox?.id).data?.data
  const tags = useTags(mailbox?.id).data?.data ?? NO_TAGS
  const tagsByName = useMemo(() => new Map(tags.map((tag) => [tag.name, tag])), [tags])
  const folder = folders?.find((one) => folderSlug(one) === place.folder)
  const filter = useMemo(() => filterOf(place, q, unreadOnly), [place, q, unreadOnly])
  const list = useMessageList(filter, openId)
  const live = useLiveMail(filter, mailbox?.id)
  const actions = useMailActions()
  const mail = useMailController(list.rows, filter, location, actions)
  const prefetch = usePrefetchMessage()

  const [collapsed, setCollapsed] = useState(preferences.collapsed)
  const [density, setDensity] = useState(preferences.density)
  const [shortcuts, setShortcuts] = useState(preferences.shortcuts)
  const [dialog, setDialog] = useState<Shown | null>(null)
  const show = (name: Shown['name'] | null) => setDialog(name === null ? null : { name, inReader: false })
  const searchBox = useRef<HTMLInputElement>(null)
  const toggleSidebar = (next: boolean) => {
    setCollapsed(next)
    remember('sidebar', next ? 'collapsed' : 'open')
  }
  // Keys act on the selection, else on the open message: their menus open in the toolbar of that one.
  const keysInReader = openId !== null && mail.selection.ids.size === 0
  useMailHotkeys(
    mail,
    {
      focusSearch: () => searchBox.current?.focus(),
      openMove: () => setDialog({ name: 'move', inReader: keysInReader }),
      openTag: () => setDialog({ name: 'tag', inReader: keysInReader }),
      purge: () => show('purge'),
      undo: actions.undo,
      goTo: (name) => location.goTo({ mailbox: place.mailbox, folder: name }),
      help: () => show('help'),
      commands: () => show('commands'),
      toggleSidebar: () => toggleSidebar(!collapsed),
    },
    shortcuts,
  )

  const view = VIEWS.find((name) => name === place.folder)
  const title =
    q !== '' ? t('results') : view !== undefined ? t(`folders.${view}`) : folder === undefined ? '' : folderName(folder)
  useEffect(() => {
    const count = folder?.role === 'inbox' && folder.unseen > 0 ? `(${String(folder.unseen)}) ` : ''
    if (title !== '') document.title = `${count}${isolated(title)} · ${isolated(place.mailbox, 'ltr')}`
  }, [title, folder, place.mailbox])

  /** The buttons above the list act on the selected rows, those of the reader only on the open message. */
  const buttons = (inReader: boolean) => {
    const targets = inReader ? only(mail.opened) : mail.targets
    const isShown = (name: Shown['name']) => dialog?.name === name && dialog.inReader === inReader
    // Closing a menu must not close the dialog that it has just opened.
    const menu = (name: 'move' | 'tag') => (open: boolean) =>
      setDialog((now) => (open ? { name, inReader } : now?.name === name ? null : now))
    return (
      <MessageActions
        targets={targets}
        folders={folders ?? NO_FOLDERS}
        tags={tags}
        place={commonFolder(targets)}
        onAct={(change) => (inReader ? mail.act(targets, change) : mail.actOnTargets(change))}
        moveOpen={isShown('move')}
        onMoveOpen={menu('move')}
        tagOpen={isShown('tag')}
        onTagOpen={menu('tag')}
        onNewTag={() => setDialog({ name: 'newTag', inReader })}
        onPurge={() => setDialog({ name: 'purge', inReader })}
      />
    )
  }

  const listPane = (
    <ListPane
      key={JSON.stringify(filter)}
      list={list}
      mail={mail}
      title={title}
      total={q === '' && !unreadOnly && view === undefined ? folder?.total : undefined}
      location={location}
      density={density}
      onDensity={(next) => {
        setDensity(next)
        remember('density', next)
      }}
      tags={tagsByName}
      outgoing={folder?.role === 'sent' || folder?.role === 'drafts'}
      actions={buttons(false)}
      onHover={(message) => prefetch(message.id)}
      onLook={live.look}
    />
  )
  const reader =
    openId === null ? null : (
      <MessageReader
        key={openId}
        id={openId}
        tab={location.tab}
        onTab={location.showTab}
        images={location.imagesFor === openId}
        onShowImages={() => location.showImages(openId)}
        tags={tagsByName}
        actions={buttons(true)}
        onClose={mail.close}
        onPrevious={mail.previous}
        onNext={mail.next}
      />
    )

  return (
    <AppShell
      brand={<Brand />}
      navigation={<MailSidebar mailboxes={mailboxes} folders={folders} place={place} onGo={location.goTo} />}
      footer={<QuotaMeter mailbox={mailbox} />}
      collapsed={collapsed}
      onCollapsedChange={toggleSidebar}
      pageKey={`${place.mailbox}/${place.folder}`}
      labels={{
        skip: tShell('skip'),
        navigation: tShell('navigation'),
        open: tShell('open'),
        close: tShell('close'),
        collapse: tShell('collapse'),
        expand: tShell('expand'),
      }}
      topbar={
        <>
          <SearchBox ref={searchBox} value={q} onSearch={location.search} />
          <span className="ml-auto flex items-center gap-3 pl-1">
            <LiveStatus state={live.state} />
            <UserMenu user={user} onShortcuts={() => show('help')} />
          </span>
        </>
      }
    >
      {mailbox === undefined ? (
        <EmptyState
          icon={<MailX aria-hidden />}
          heading="h1"
          title={t(mailboxes.length === 0 ? 'noMailbox.title' : 'unknownMailbox.title')}
          description={t(mailboxes.length === 0 ? 'noMailbox.help' : 'unknownMailbox.help', {
            address: isolated(place.mailbox, 'ltr'),
          })}
        />
      ) : (
        <SplitPane
          show={openId === null ? 'start' : 'end'}
          initial={preferences.listWidth}
          {...LIST_WIDTH}
          handleLabel={t('resizeList')}
          onResized={(width) => remember('listWidth', String(width))}
          start={listPane}
          end={
            reader ?? (
              <EmptyState
                icon={<MailOpen aria-hidden />}
                title={t('nothingOpen.title')}
                description={t('nothingOpen.help')}
                className="my-auto"
              />
            )
          }
        />
      )}
      <MailDialogs
        shown={dialog?.name ?? null}
        onShow={show}
        only={dialog?.inReader === true ? mail.opened : undefined}
        shortcuts={shortcuts}
        onShortcuts={(on) => {
          setShortcuts(on)
          remember('shortcuts', on ? 'on' : 'off')
        }}
        mail={mail}
        mailboxes={mailboxes}
        folders={folders ?? NO_FOLDERS}
        place={place}
        onGo={location.goTo}
        onUndo={actions.undo}
      />
    </AppShell>
  )
}
