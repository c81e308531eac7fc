/* What dist/diagnose.js gives the programs: see server/src/diagnose/load.ts. */
export { causeClasses } from './classes';
export { diagnose } from './diagnose';
export { diagnosisText, evidenceText, headline } from './text';
export { lookupQuestion } from './lookup';
