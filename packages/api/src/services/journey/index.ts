export { getJourney, getMessageJourney } from './get.ts'
export { listJourneys } from './list.ts'
export {
  journeyDetailSchema,
  journeyIdInput,
  journeySchema,
  listJourneysInput,
  type JourneyDetailWire,
  type JourneyWire,
} from './schemas.ts'
