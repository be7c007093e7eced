// Next's own next-env.d.ts is made by its build and names files of it; types are checked without a build.
/// <reference types="next" />
/// <reference types="next/image-types/global" />
