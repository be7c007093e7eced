export type { AppRouter } from '@mairust/api/router'
