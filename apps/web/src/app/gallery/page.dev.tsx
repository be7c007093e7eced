import { Gallery } from '@mairust/ui/gallery'

/** All components and variants. Available on the development server only. */
export default function GalleryPage() {
  return <Gallery />
}
