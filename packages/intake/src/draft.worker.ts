import { serveTasks } from '@mairust/worker-pool'
import { draftTask } from './draft-task.ts'

serveTasks(draftTask)
