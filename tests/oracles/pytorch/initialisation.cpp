// Initial parameters of modules, results of nn.init and masks of dropout as PyTorch's C++ front end draws them, as initialisation.json.
//
//     g++ -std=c++17 -O0 -I/usr/include/torch/csrc/api/include initialisation.cpp -o /tmp/initialisation -ltorch -ltorch_cpu -lc10
//     /tmp/initialisation > initialisation.json                (Debian's libtorch-dev 1.13)
//
// TorchSharp wraps this front end, which draws more than Python's in one place: nn::Module::clone makes a copy by drawing all of its parameters anew
// (and those of its children once more, recursively) before it copies the old values over them. Encoder and decoder stacks clone their layer.
// `next` is torch.rand(1) after the module was made, so that numbers drawn and thrown away count too.

#include <torch/torch.h>

#include <functional>
#include <iomanip>
#include <iostream>

using namespace torch;
namespace F = torch::nn::functional;

static bool first = true;

static void begin(const std::string& name, int64_t seed) {
  std::cout << (first ? "" : ",\n") << "{\"name\":\"" << name << "\",\"seed\":" << seed;
  first = false;
  torch::manual_seed(seed);
}

// Nine digits give back the same float.
static void write(const Tensor& tensor) {
  auto flat = tensor.detach().contiguous().view(-1);
  std::cout << "{\"shape\":[";
  for (int64_t i = 0; i < tensor.dim(); i++) std::cout << (i ? "," : "") << tensor.size(i);
  std::cout << "],\"values\":[" << std::setprecision(9);
  for (int64_t i = 0; i < flat.numel(); i++) std::cout << (i ? "," : "") << flat.data_ptr<float>()[i];
  std::cout << "]}";
}

static void end() { std::cout << ",\"next\":" << std::setprecision(9) << torch::rand({1}).item<float>() << "}"; }

static void module(const std::string& name, int64_t seed, std::function<std::shared_ptr<nn::Module>()> make) {
  begin(name, seed);
  auto made = make();
  std::cout << ",\"parameters\":{";
  bool head = true;
  for (auto& parameter : made->named_parameters()) {
    std::cout << (head ? "" : ",") << "\"" << parameter.key() << "\":";
    head = false;
    write(parameter.value());
  }
  std::cout << "}";
  end();
}

static void function(const std::string& name, std::vector<int64_t> shape, std::function<Tensor(Tensor)> fill) {
  begin(name, 0);
  std::cout << ",\"result\":";
  write(fill(torch::ones(shape)));
  end();
}

static double distribution(double x) { return (1.0 + erf(x / sqrt(2.0))) / 2.0; }

int main() {
  torch::set_num_threads(1);
  std::cout << "{\"modules\":[\n";
  auto encoder = [] { return nn::TransformerEncoderLayer(nn::TransformerEncoderLayerOptions(8, 2).dim_feedforward(16)); };
  auto decoder = [] { return nn::TransformerDecoderLayer(nn::TransformerDecoderLayerOptions(8, 2).dim_feedforward(16)); };
  for (int64_t seed : {0, 42}) {
    module("Linear(3, 5)", seed, [] { return nn::Linear(3, 5).ptr(); });
    module("Embedding(10, 3)", seed, [] { return nn::Embedding(10, 3).ptr(); });
    module("LSTM(3, 4, numLayers: 2, bidirectional: true)", seed, [] { return nn::LSTM(nn::LSTMOptions(3, 4).num_layers(2).bidirectional(true)).ptr(); });
    module("MultiheadAttention(8, 2)", seed, [] { return nn::MultiheadAttention(8, 2).ptr(); });
    module("Transformer(8, 2, 2, 2, 16)", seed, [] { return nn::Transformer(nn::TransformerOptions(8, 2, 2, 2).dim_feedforward(16)).ptr(); });
  }
  module("Linear(20, 30)", 1, [] { return nn::Linear(20, 30).ptr(); });
  module("Linear(4, 2, hasBias: false)", 1, [] { return nn::Linear(nn::LinearOptions(4, 2).bias(false)).ptr(); });
  module("Embedding(10, 3, padding_idx: 2)", 1, [] { return nn::Embedding(nn::EmbeddingOptions(10, 3).padding_idx(2)).ptr(); });
  module("Embedding(3, 5)", 1, [] { return nn::Embedding(3, 5).ptr(); });
  module("Bilinear(3, 4, 2)", 1, [] { return nn::Bilinear(3, 4, 2).ptr(); });
  module("Conv1d(3, 4, 2)", 1, [] { return nn::Conv1d(3, 4, 2).ptr(); });
  module("Conv2d(2, 3, 3)", 1, [] { return nn::Conv2d(2, 3, 3).ptr(); });
  module("RNN(3, 4, numLayers: 2)", 1, [] { return nn::RNN(nn::RNNOptions(3, 4).num_layers(2)).ptr(); });
  module("GRU(3, 4)", 1, [] { return nn::GRU(3, 4).ptr(); });
  module("LSTM(3, 4, bias: false)", 1, [] { return nn::LSTM(nn::LSTMOptions(3, 4).bias(false)).ptr(); });
  module("RNNCell(3, 4)", 1, [] { return nn::RNNCell(3, 4).ptr(); });
  module("LSTMCell(3, 4)", 1, [] { return nn::LSTMCell(3, 4).ptr(); });
  module("GRUCell(3, 4)", 1, [] { return nn::GRUCell(3, 4).ptr(); });
  module("MultiheadAttention(8, 2, kdim: 6, vdim: 4)", 1, [] { return nn::MultiheadAttention(nn::MultiheadAttentionOptions(8, 2).kdim(6).vdim(4)).ptr(); });
  module("MultiheadAttention(8, 2, bias: false)", 1, [] { return nn::MultiheadAttention(nn::MultiheadAttentionOptions(8, 2).bias(false)).ptr(); });
  module("MultiheadAttention(8, 2, add_bias_kv: true)", 1, [] { return nn::MultiheadAttention(nn::MultiheadAttentionOptions(8, 2).add_bias_kv(true)).ptr(); });
  module("TransformerEncoderLayer(8, 2, 16)", 1, [=] { return encoder().ptr(); });
  module("TransformerDecoderLayer(8, 2, 16)", 1, [=] { return decoder().ptr(); });
  module("TransformerEncoder(TransformerEncoderLayer(8, 2, 16), 2)", 1, [=] { return nn::TransformerEncoder(nn::TransformerEncoderOptions(encoder(), 2)).ptr(); });
  module("TransformerDecoder(TransformerDecoderLayer(8, 2, 16), 2)", 1, [=] { return nn::TransformerDecoder(nn::TransformerDecoderOptions(decoder(), 2)).ptr(); });

  std::cout << "\n],\"functions\":[\n";
  first = true;
  for (std::vector<int64_t> shape : {std::vector<int64_t>{5, 7}, std::vector<int64_t>{3, 4, 5}}) {
    function("uniform_(-0.5, 1.5)", shape, [](Tensor t) { return nn::init::uniform_(t, -0.5, 1.5); });
    function("normal_(1, 0.1)", shape, [](Tensor t) { return nn::init::normal_(t, 1, 0.1); });
    function("xavier_uniform_(gain: 1)", shape, [](Tensor t) { return nn::init::xavier_uniform_(t); });
    function("xavier_uniform_(gain: 2)", shape, [](Tensor t) { return nn::init::xavier_uniform_(t, 2); });
    // As it should be; TorchSharp's xavier_normal_ calls xavier_uniform_.
    function("xavier_normal_(gain: 1)", shape, [](Tensor t) { return nn::init::xavier_normal_(t); });
    function("kaiming_uniform_(a: sqrt 5)", shape, [](Tensor t) { return nn::init::kaiming_uniform_(t, std::sqrt(5)); });
    function("kaiming_uniform_(FanOut, ReLU)", shape, [](Tensor t) { return nn::init::kaiming_uniform_(t, 0, torch::kFanOut, torch::kReLU); });
    function("kaiming_normal_()", shape, [](Tensor t) { return nn::init::kaiming_normal_(t); });
    function("kaiming_normal_(FanOut, Tanh)", shape, [](Tensor t) { return nn::init::kaiming_normal_(t, 0, torch::kFanOut, torch::kTanh); });
    function("orthogonal_(gain: 1)", shape, [](Tensor t) { return nn::init::orthogonal_(t); });
    function("constant_(0.3)", shape, [](Tensor t) { return nn::init::constant_(t, 0.3); });
    function("ones_()", shape, [](Tensor t) { return nn::init::ones_(t); });
    function("zeros_()", shape, [](Tensor t) { return nn::init::zeros_(t); });
    // What TorchSharp's own trunc_normal_ does: it multiplies with the mean and adds the deviation.
    function("trunc_normal_(mean: 0.5, std: 0.2, a: 0, b: 1) of TorchSharp", shape, [](Tensor t) {
      double mean = 0.5, std = 0.2, a = 0, b = 1;
      nn::init::uniform_(t, 2 * distribution((a - mean) / std) - 1, 2 * distribution((b - mean) / std) - 1);
      return t.erfinv_().mul_(mean).add_(std).clamp_(a, b);
    });
  }
  function("orthogonal_(gain: 2)", {7, 5}, [](Tensor t) { return nn::init::orthogonal_(t, 2); });
  function("eye_()", {5, 7}, [](Tensor t) { return nn::init::eye_(t); });
  function("dirac_()", {3, 4, 5}, [](Tensor t) { return nn::init::dirac_(t); });
  function("sparse_(0.4, 0.01)", {5, 7}, [](Tensor t) { return nn::init::sparse_(t, 0.4, 0.01); });

  std::cout << "\n],\"dropouts\":[\n";
  first = true;
  function("dropout(0.1)", {5, 7}, [](Tensor t) { return F::dropout(t, F::DropoutFuncOptions().p(0.1)); });
  function("dropout(0.5)", {5, 7}, [](Tensor t) { return F::dropout(t, F::DropoutFuncOptions().p(0.5)); });
  function("dropout(0)", {5, 7}, [](Tensor t) { return F::dropout(t, F::DropoutFuncOptions().p(0)); });
  function("dropout(1)", {5, 7}, [](Tensor t) { return F::dropout(t, F::DropoutFuncOptions().p(1)); });
  function("dropout(0.5, training: false)", {5, 7}, [](Tensor t) { return F::dropout(t, F::DropoutFuncOptions().p(0.5).training(false)); });
  function("dropout2d(0.4)", {2, 5, 2, 2}, [](Tensor t) { return F::dropout2d(t, F::Dropout2dFuncOptions().p(0.4)); });
  function("dropout3d(0.4)", {2, 5, 1, 2, 2}, [](Tensor t) { return F::dropout3d(t, F::Dropout3dFuncOptions().p(0.4)); });
  function("alpha_dropout(0.4)", {5, 7}, [](Tensor t) { return F::alpha_dropout(t, F::AlphaDropoutFuncOptions().p(0.4).training(true)); });
  function("feature_alpha_dropout(0.4)", {2, 5, 2, 2}, [](Tensor t) { return F::feature_alpha_dropout(t, F::FeatureAlphaDropoutFuncOptions().p(0.4).training(true)); });
  std::cout << "\n]}\n";
}
