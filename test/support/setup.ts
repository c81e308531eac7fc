import * as library from '../../server/src/core/syntax/yaml/library';
import { setYamlLibrary } from '../../server/src/core/syntax/yaml/port';

// In tests all modules come from their sources, so there is nothing to load later.
setYamlLibrary(() => library);
