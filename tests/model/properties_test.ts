import { PROPERTIES } from "./properties/mod.ts";
import { testProperties } from "./property.ts";

// All in one file: loading fast-check takes longer than trying a property.
testProperties(PROPERTIES);
