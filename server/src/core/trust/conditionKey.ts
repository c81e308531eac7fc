export { claimName, parseConditionKey, type ClaimKey } from '../model/conditionKey';
