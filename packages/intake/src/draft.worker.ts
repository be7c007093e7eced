import { serveTasks } from '@mairust/worker-pool'
import { type DraftTask, draftTask } from './draft-task.ts'
import { type SubmitTask, submitTask } from './submit-task.ts'

serveTasks((task: DraftTask | SubmitTask) => ('source' in task ? submitTask(task) : draftTask(task)))
