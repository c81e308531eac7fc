import { filterTables } from './filter';
import { start } from './host';

start(filterTables);
