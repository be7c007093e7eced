import { serveTasks } from '@mairust/worker-pool'
import { runTask } from './run-task.ts'

serveTasks(runTask)
