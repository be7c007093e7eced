'use client'

import { Archive, Star, Trash2 } from 'lucide-react'
import { useState } from 'react'

import { Avatar } from '../components/avatar.tsx'
import { Breadcrumbs } from '../components/breadcrumbs.tsx'
import { Button } from '../components/button.tsx'
import { IconButton } from '../components/icon-button.tsx'
import { Kbd } from '../components/kbd.tsx'
import { Badge, StatusChip } from '../components/status-chip.tsx'
import { BulkBar, Toolbar } from '../components/toolbar.tsx'
import { Section } from './section.tsx'

const VARIANTS = ['primary', 'secondary', 'ghost', 'danger', 'link'] as const
const SIZES = ['sm', 'md', 'lg'] as const
const TONES = ['neutral', 'success', 'warning', 'danger', 'info', 'accent'] as const

/** Buttons, bars, chips and other small components. */
export function ActionExamples() {
  const [starred, setStarred] = useState(false)
  const [selected, setSelected] = useState(3)
  return (
    <>
      <Section title="Buttons">
        {VARIANTS.map((variant) =>
          SIZES.map((size) => (
            <Button key={`${variant}${size}`} variant={variant} size={size}>
              {`${variant} ${size}`}
            </Button>
          )),
        )}
        <Button busy>Saving</Button>
        <Button disabled>Disabled</Button>
        <IconButton label="Star" keys={['s']} pressed={starred} icon={<Star />} onClick={() => setStarred(!starred)} />
      </Section>
      <Section title="Chips">
        {TONES.map((tone) => (
          <StatusChip key={tone} tone={tone}>
            {tone}
          </StatusChip>
        ))}
        <Badge color="#c2702b">invoices</Badge>
        <Avatar name="Hana Sato" />
        <Avatar name="田中 美咲" />
        <Kbd>g</Kbd>
      </Section>
      <Section title="Bars">
        <Breadcrumbs
          label="You are here"
          items={[
            { key: 'admin', content: <a href="#admin">Admin</a> },
            { key: 'domains', content: 'Domains' },
          ]}
        />
        <Toolbar label="Tools" className="h-12 w-full border-b">
          <IconButton label="Archive" icon={<Archive />} />
          <IconButton label="Delete" icon={<Trash2 />} />
        </Toolbar>
        {selected === 0 ? null : (
          <BulkBar
            label="Selected"
            countText={`${String(selected)} selected`}
            clearLabel="Clear"
            onClear={() => setSelected(0)}
            className="h-12 w-full px-2"
          >
            <IconButton label="Delete" icon={<Trash2 />} />
          </BulkBar>
        )}
      </Section>
    </>
  )
}
