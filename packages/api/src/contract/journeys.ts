// The one place outside that is taken from: constants, and nothing that runs.
export {
  JOURNEY_DIRECTIONS,
  JOURNEY_STATUSES,
  type JourneyDirection,
  type JourneyStatus,
} from '@mairust/mail-core/journey/types'
