import { matchesOf, type Recogniser } from './recogniser';

const path =
  /(?:\/|C:\W{1,4})var\W{1,4}run\W{1,4}secrets\W{1,4}(?:eks|pods\.eks)\.amazonaws\.com\W{1,4}serviceaccount\W{1,4}(?:eks-pod-identity-token|token)/g;
const refused = /permission denied|EACCES|PermissionError|AccessDeniedException|UnauthorizedAccess|Access to the path|os error 13/i;
const missing = /no such file|ENOENT|not found|FileNotFound|NoSuchFile|does not exist|could not find|cannot find|os error 2\b|Errno 2\b/i;
const reach = 240;

/** What becomes of the token's file, by its path and the words around it. */
export const tokenFiles: Recogniser = {
  name: 'the token file',
  phrases: [['service account token is empty', 'token-malformed']],
  read(paste, found) {
    for (const match of matchesOf(paste.text, path)) {
      const around = paste.text.slice(Math.max(0, match.index - reach), match.index + match[0].length + reach);
      if (refused.test(around)) found.symptom(paste, 'token-unreadable', match.index, 'the token file');
      else if (missing.test(around)) found.symptom(paste, 'token-file-missing', match.index, 'the token file');
    }
  },
};
