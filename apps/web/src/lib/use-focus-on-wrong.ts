import { useEffect, type RefObject } from 'react'

/**
 * Moves the focus to the first invalid field each time a form is refused.
 * @param refusal a new value for each refusal; null while there is none
 */
export function useFocusOnWrong(form: RefObject<HTMLFormElement | null>, refusal: unknown): void {
  useEffect(() => {
    if (refusal !== null) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [form, refusal])
}
