import { useEffect, type RefObject } from 'react'

/**
 * Moves the focus to the first field of a form that is marked as wrong, each time the form has been refused.
 * @param refusal something new for each time; null while there is none
 */
export function useFocusOnWrong(form: RefObject<HTMLFormElement | null>, refusal: unknown): void {
  useEffect(() => {
    if (refusal !== null) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [form, refusal])
}
