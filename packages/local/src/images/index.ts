export {
  ensureComponentImages,
  ensureImages,
  ensureSavableImage,
  savableImages,
  type EnsureImagesOptions,
  type SavableImage,
} from './ensureImages.ts';
export { imageReferences } from './references.ts';
export type { ImageArchive } from './types.ts';
