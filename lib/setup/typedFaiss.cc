// faiss-node's one file, and beside its classes a TypedIndex whose search reads and fills typed arrays: faiss-node itself
// takes and makes plain arrays, one call of Node's interface a number, which is a third of a single search's time.
#include <napi.h>
#undef NODE_API_MODULE
#define NODE_API_MODULE(name, init)
#include "faiss.cc"
#include <vector>

class TypedIndex : public IndexBase<TypedIndex, faiss::IndexFlatIP>
{
public:
  using IndexBase::IndexBase;

  static Napi::Object Init(Napi::Env env, Napi::Object exports)
  {
    auto func = DefineClass(env, "TypedIndex", {
      InstanceMethod("ntotal", &TypedIndex::ntotal),
      InstanceMethod("isTrained", &TypedIndex::isTrained),
      InstanceMethod("train", &TypedIndex::train),
      InstanceMethod("removeIds", &TypedIndex::removeIds),
      InstanceMethod("add", &TypedIndex::addTyped),
      InstanceMethod("search", &TypedIndex::searchTyped),
      StaticMethod("fromFactory", &TypedIndex::fromFactory),
    });
    constructor = new Napi::FunctionReference();
    *constructor = Napi::Persistent(func);
    exports.Set("TypedIndex", func);
    return exports;
  }

private:
  static Napi::TypedArray arrayOf(const Napi::CallbackInfo &info, size_t place, napi_typedarray_type type)
  {
    if (!info[place].IsTypedArray() || info[place].As<Napi::TypedArray>().TypedArrayType() != type)
      throw Napi::TypeError::New(info.Env(), "Expected another type of array at place " + std::to_string(place));
    return info[place].As<Napi::TypedArray>();
  }

  // How many rows of the index's width an array holds.
  size_t rowsOf(const Napi::CallbackInfo &info, const Napi::TypedArray &values)
  {
    if (values.ElementLength() % index_->d != 0)
      throw Napi::Error::New(info.Env(), "Invalid the given array length.");
    return values.ElementLength() / index_->d;
  }

  // add(vectors: Float32Array)
  Napi::Value addTyped(const Napi::CallbackInfo &info)
  {
    auto vectors = arrayOf(info, 0, napi_float32_array).As<Napi::Float32Array>();
    const size_t n = rowsOf(info, vectors);
    return guarded(info, [&] { index_->add(n, vectors.Data()); });
  }

  // search(queries: Float32Array, k, distances: Float32Array, labels: Int32Array): fills the first n * k of both.
  Napi::Value searchTyped(const Napi::CallbackInfo &info)
  {
    auto queries = arrayOf(info, 0, napi_float32_array).As<Napi::Float32Array>();
    auto distances = arrayOf(info, 2, napi_float32_array).As<Napi::Float32Array>();
    auto labels = arrayOf(info, 3, napi_int32_array).As<Napi::Int32Array>();
    const size_t n = rowsOf(info, queries);
    const size_t k = info[1].As<Napi::Number>().Uint32Value();
    if (k < 1 || k > static_cast<size_t>(index_->ntotal) || distances.ElementLength() < n * k ||
        labels.ElementLength() < n * k)
      throw Napi::Error::New(info.Env(), "Invalid the number of k, or arrays too short for the answer.");
    return guarded(info, [&] {
      found_.resize(n * k);
      index_->search(n, queries.Data(), k, distances.Data(), found_.data());
      for (size_t i = 0; i < n * k; i++) labels[i] = static_cast<int32_t>(found_[i]);
    });
  }

  // FAISS's own exceptions, which end the process when nobody takes them, as JavaScript's.
  template <class Work>
  Napi::Value guarded(const Napi::CallbackInfo &info, Work work)
  {
    try
    {
      work();
    }
    catch (const std::exception &error)
    {
      throw Napi::Error::New(info.Env(), error.what());
    }
    return info.Env().Undefined();
  }

  std::vector<idx_t> found_;
};

static Napi::Object InitAll(Napi::Env env, Napi::Object exports)
{
  return TypedIndex::Init(env, Init(env, exports));
}

static napi_value registerAll(napi_env env, napi_value exports)
{
  return Napi::RegisterModule(env, exports, InitAll);
}

NAPI_MODULE(NODE_GYP_MODULE_NAME, registerAll)
