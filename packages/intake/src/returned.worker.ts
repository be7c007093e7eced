import { serveTasks } from '@mairust/worker-pool'
import { returnedTask } from './returned-task.ts'

serveTasks(returnedTask)
