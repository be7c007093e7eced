import { serveTasks } from '@mairust/worker-pool'
import { indexTask } from './index-task.ts'

serveTasks(indexTask)
