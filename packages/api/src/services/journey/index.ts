export { getJourney } from './get.ts'
export { getMessageJourney } from './get-of-message.ts'
export { listJourneys } from './list.ts'
export {
  journeyDetailSchema,
  journeyIdInput,
  journeySchema,
  listJourneysInput,
  type JourneyDetailWire,
  type JourneyWire,
} from './schemas.ts'
