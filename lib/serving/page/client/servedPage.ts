import { httpBackend } from "./httpBackend";
import { startPage } from "./startPage";

startPage(Promise.resolve(httpBackend()));
