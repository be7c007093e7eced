// The only import from outside: constants, no code.
export {
  JOURNEY_DIRECTIONS,
  JOURNEY_STATUSES,
  type JourneyDirection,
  type JourneyStatus,
} from '@mairust/mail-core/journey/types'
