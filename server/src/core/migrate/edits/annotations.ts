export { addAnnotation } from './annotation/add';
export { removeAnnotation, removeEntry } from './annotation/remove';
