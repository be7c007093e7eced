'use client'

import { Search } from 'lucide-react'
import { useState } from 'react'

import { Checkbox } from '../components/checkbox.tsx'
import { Field } from '../components/field.tsx'
import { Input, Textarea } from '../components/input.tsx'
import { Select } from '../components/select.tsx'
import { Stepper } from '../components/stepper.tsx'
import { Switch } from '../components/switch.tsx'
import { Tabs } from '../components/tabs.tsx'
import { Section } from './section.tsx'

const OPTIONS = [
  { value: 'user', label: 'User' },
  { value: 'admin', label: 'Administrator', hint: 'sees everything' },
]
const STEPS = ['Account', 'Domain', 'Mailbox'].map((title) => ({
  key: title,
  title,
  description: `About the ${title.toLowerCase()}`,
}))

/** Text fields, choices, steps and tabs. */
export function FormExamples() {
  const [role, setRole] = useState('user')
  const [checked, setChecked] = useState(true)
  const [on, setOn] = useState(false)
  const [tab, setTab] = useState('one')
  return (
    <>
      <Section title="Fields">
        <Field label="Name" hint="As others see it">
          <Input placeholder="Hana Sato" />
        </Field>
        <Field label="Address" error="This is not an address.">
          <Input defaultValue="hana@" />
        </Field>
        <Input
          aria-label="Search"
          before={<Search aria-hidden className="size-4" />}
          after={<span>@example.com</span>}
          className="w-64"
        />
        <Field label="Note">
          <Textarea />
        </Field>
        <Field label="Role">
          <Select value={role} onValueChange={setRole} options={OPTIONS} placeholder="Choose" />
        </Field>
      </Section>
      <Section title="Choices">
        <Checkbox label="Selected" checked={checked} onCheckedChange={setChecked} />
        <Checkbox label="Some" checked={false} indeterminate onCheckedChange={setChecked} />
        <Switch label="Notifications" checked={on} onCheckedChange={setOn} />
      </Section>
      <Section title="Steps and tabs">
        <Stepper
          label="Progress"
          steps={STEPS}
          current={1}
          stateLabels={{ done: 'done', current: 'current', upcoming: 'to do' }}
        />
        <Tabs
          label="Views"
          value={tab}
          onValueChange={setTab}
          items={[
            { value: 'one', label: 'One', content: <p className="p-4">First</p> },
            { value: 'two', label: 'Two', content: <p className="p-4">Second</p> },
          ]}
        />
      </Section>
    </>
  )
}
