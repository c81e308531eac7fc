/* What the fronts use of the engine: see server/src/migrate/load.ts. */
export { isPackageFile, largestPackageFile, mostPackageBytes, mostPackageFiles, readPackageFile } from './packages/files';
export { parts } from './parts';
export { plan, planning } from './plan';
export { finished } from './slices';
export { step, stepInSteps } from './step';
export { changedTexts } from './steps/change';
export { planText, resultText } from './text';
