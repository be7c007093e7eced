import { listReference, renderReference } from '@mairust/config'
import type { Command } from 'commander'
import type { Io } from '../io.ts'
import { type Format, printList } from '../output.ts'
import { resultCommand } from './kit.ts'

/** `config reference`: every setting, in Markdown or as data. */
export function addConfig(program: Command, io: Io): void {
  const config = program.command('config').description('show information about the configuration')
  resultCommand(config, 'reference', 'print every setting with its type, default and meaning, in Markdown').action(
    (format: Format) => {
      if (format.json === true) printList(io, format, listReference(), {})
      else io.out(renderReference())
    },
  )
}
