export { addAnnotation } from './annotation/add';
export { removeAnnotation } from './annotation/remove';
