/* What dist/migrate.js gives the programs: see server/src/migrate/load.ts. */
export { parts } from './parts';
export { plan } from './plan';
export { step } from './step';
export { changedTexts } from './steps/change';
export { planText, resultText } from './text';
