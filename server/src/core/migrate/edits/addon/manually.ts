/** Why an add-on isn't changed where its role comes from elsewhere. */
export const manually = "The add-on's role is not written by itself here: change it manually.";
