import { github } from './github';
import { json } from './json';
import { junit } from './junit';
import { pretty } from './pretty';
import type { ReportFormat } from './report';
import { sarif } from './sarif';

/** Every report format by its name on the command line. */
export const formats: readonly ReportFormat[] = [pretty, json, sarif, github, junit];
