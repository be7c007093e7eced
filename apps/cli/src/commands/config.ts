import { renderReference } from '@mairust/config'
import type { Command } from 'commander'
import type { Io } from '../io.ts'

/** `config reference`: every setting, in Markdown. */
export function addConfig(program: Command, io: Io): void {
  program
    .command('config')
    .description('about the configuration')
    .command('reference')
    .description('print every setting with its type, default and meaning, in Markdown')
    .action(() => io.out(renderReference()))
}
