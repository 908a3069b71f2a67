/** The register of what people ask about their own data: its rows, and what is said in them. What becomes of it: privacy.ts. */
export {
  eraseWordsOf,
  newRequestKey,
  openedSaid,
  requestKeyOf,
  requestKeyPlace,
  requestPlaces,
  sealSaid,
} from './requests/said.ts';
export {
  type ListPlace,
  type NewRequest,
  type RequestPlace,
  type RequestRow,
  RequestStore,
} from './requests/store.ts';
