'use client'

import { TooltipProvider } from '../components/tooltip.tsx'
import { Toaster } from '../components/toaster.tsx'
import { ActionExamples } from './actions.tsx'
import { FormExamples } from './forms.tsx'
import { OverlayExamples } from './overlays.tsx'
import { StateExamples } from './states.tsx'

/** All components and variants in both themes, for development and tests. */
export function Gallery() {
  return (
    <TooltipProvider>
      <main id="main" className="grid xl:grid-cols-2">
        {(['light', 'dark'] as const).map((theme) => (
          <div key={theme} data-theme={theme} className="bg-surface px-8 py-4 text-fg">
            <h1 className="text-xl font-semibold">{theme}</h1>
            <ActionExamples />
            <FormExamples />
            <StateExamples />
            <OverlayExamples />
          </div>
        ))}
      </main>
      <Toaster label="Notices" closeLabel="Close" />
    </TooltipProvider>
  )
}
