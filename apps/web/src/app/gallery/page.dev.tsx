import { Gallery } from '@mairust/ui/gallery'

/** Every component in its variants. A page of the development server only. */
export default function GalleryPage() {
  return <Gallery />
}
