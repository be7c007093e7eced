// Instead of next-env.d.ts, which the build generates and which refers to its files: types are checked without a build.
/// <reference types="next" />
/// <reference types="next/image-types/global" />
