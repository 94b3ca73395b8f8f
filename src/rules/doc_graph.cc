#include "rules/doc_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "yipan/text.h"

namespace yipan::rules {

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string_view local_id(std::string_view href) {
  const size_t hash = href.rfind('#');
  return hash == std::string_view::npos ? href : href.substr(hash + 1);
}

namespace {

enum class Shape : uint8_t { input, decision, knowledge, service, source };
enum class Line : uint8_t { information, knowledge, authority };

constexpr double kWidth = 150, kHeight = 46, kGapX = 26, kGapY = 52, kMargin = 18;

struct Node {
  std::string id, name;
  Shape shape = Shape::decision;
  bool foreign = false;
  int level = 0;
  double order = 0;
  double x = 0, y = 0;
};
struct Edge {
  size_t from, to;
  Line line;
};

// At most two lines that fit the box.
std::vector<std::string> wrap(const std::string& name) {
  constexpr size_t kCells = 20;
  std::vector<std::string> lines(1);
  for (size_t pos = 0; pos < name.size();) {
    const size_t start = pos;
    next_code_point(name, &pos);
    const std::string piece = name.substr(start, pos - start);
    if (display_width(lines.back() + piece) > kCells) {
      if (lines.size() == 2) {
        lines.back() += "…";
        break;
      }
      lines.emplace_back();
    }
    lines.back() += piece;
  }
  return lines;
}

class Graph {
 public:
  explicit Graph(const dmn::Definitions& model) {
    for (const dmn::Drg& e : model.elements) {
      if (known(e.id) == npos) add(e.id, e.name, static_cast<Shape>(e.form), false);
    }
    for (const auto& s : model.sources) add(s.id, s.name, Shape::source, false);
    for (const dmn::Drg& e : model.elements) {
      const size_t to = known(e.id);
      connect(e.information, to, Line::information, Shape::input);
      connect(e.knowledge, to, Line::knowledge, Shape::knowledge);
      connect(e.authority, to, Line::authority, Shape::source);
      connect(e.outputs, to, Line::information, Shape::decision);
    }
  }

  std::string draw() {
    if (nodes_.empty()) return "";
    rank();
    place();
    std::string out = fmt::format(
        "<svg class=\"drg\" viewBox=\"0 0 {:.0f} {:.0f}\" style=\"max-width:{:.0f}px\" "
        "role=\"img\" "
        "aria-label=\"决策需求图\">\n"
        "<defs><marker id=\"a\" viewBox=\"0 0 10 10\" refX=\"10\" refY=\"5\" markerWidth=\"8\" "
        "markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0L10 5L0 10z\"/></marker>"
        "<marker id=\"k\" viewBox=\"0 0 10 10\" refX=\"10\" refY=\"5\" markerWidth=\"9\" "
        "markerHeight=\"9\" orient=\"auto\"><path d=\"M0 0L10 5L0 10\" fill=\"none\" "
        "stroke=\"#333\"/></marker><marker id=\"o\" viewBox=\"0 0 10 10\" refX=\"5\" refY=\"5\" "
        "markerWidth=\"6\" markerHeight=\"6\"><circle cx=\"5\" cy=\"5\" "
        "r=\"5\"/></marker></defs>\n",
        width_, height_, width_);
    for (const Edge& e : edges_) out += edge(e);
    for (const Node& n : nodes_) out += shape(n);
    return out + "</svg>\n";
  }

 private:
  static constexpr size_t npos = static_cast<size_t>(-1);

  size_t known(std::string_view id) const {
    const auto found = by_id_.find(std::string(id));
    return found == by_id_.end() ? npos : found->second;
  }
  size_t add(const std::string& id, const std::string& name, Shape shape, bool foreign) {
    Node& n = nodes_.emplace_back();
    n.id = id;
    n.name = name;
    n.shape = shape;
    n.foreign = foreign;
    by_id_.emplace(id, nodes_.size() - 1);
    return nodes_.size() - 1;
  }
  void connect(const std::vector<dmn::Drg::Href>& hrefs, size_t to, Line line, Shape guess) {
    for (const auto& h : hrefs) {
      const std::string id(local_id(h.href));
      size_t from = known(id);
      if (from == npos) from = add(id, id, guess, true);
      if (from != to && to != npos) edges_.push_back({from, to, line});
    }
  }

  // The longest way from below; a source stands beside the lowest that cites it.
  void rank() {
    for (size_t round = 0; round < nodes_.size(); ++round) {
      bool moved = false;
      for (const Edge& e : edges_) {
        if (e.line == Line::authority) continue;
        if (nodes_[e.to].level <= nodes_[e.from].level && nodes_[e.from].level < 60) {
          nodes_[e.to].level = nodes_[e.from].level + 1;
          moved = true;
        }
      }
      if (!moved) break;
    }
    for (size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].shape != Shape::source) continue;
      int lowest = 1000;
      for (const Edge& e : edges_) {
        if (e.from == i) lowest = std::min(lowest, nodes_[e.to].level);
      }
      nodes_[i].level = lowest == 1000 ? 0 : lowest;
    }
  }

  void place() {
    int top = 0;
    for (const Node& n : nodes_) top = std::max(top, n.level);
    std::vector<std::vector<size_t>> levels(static_cast<size_t>(top) + 1);
    for (size_t i = 0; i < nodes_.size(); ++i) {
      auto& level = levels[static_cast<size_t>(nodes_[i].level)];
      nodes_[i].order = static_cast<double>(level.size());
      level.push_back(i);
    }
    constexpr int kSweeps = 12;
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
      for (auto& level : levels) order_level(&level);
    }
    size_t widest = 0;
    for (const auto& level : levels) widest = std::max(widest, level.size());
    width_ = static_cast<double>(widest) * (kWidth + kGapX) - kGapX + 2 * kMargin;
    height_ = static_cast<double>(levels.size()) * (kHeight + kGapY) - kGapY + 2 * kMargin;
    for (size_t l = 0; l < levels.size(); ++l) {
      const double span = static_cast<double>(levels[l].size()) * (kWidth + kGapX) - kGapX;
      for (size_t k = 0; k < levels[l].size(); ++k) {
        Node& n = nodes_[levels[l][k]];
        n.x = (width_ - span) / 2 + static_cast<double>(k) * (kWidth + kGapX);
        n.y = height_ - kMargin - kHeight - static_cast<double>(l) * (kHeight + kGapY);
      }
    }
  }

  // By the mean place of the neighbours, so that lines cross less.
  void order_level(std::vector<size_t>* level) {
    std::map<size_t, double> mean;
    for (const size_t i : *level) {
      double sum = 0, count = 0;
      for (const Edge& e : edges_) {
        if (e.from != i && e.to != i) continue;
        sum += nodes_[e.from == i ? e.to : e.from].order;
        count += 1;
      }
      mean[i] = count > 0 ? sum / count : nodes_[i].order;
    }
    std::stable_sort(level->begin(), level->end(), [&](size_t a, size_t b) {
      const bool sa = nodes_[a].shape == Shape::source;
      const bool sb = nodes_[b].shape == Shape::source;
      return sa != sb ? sb : mean[a] < mean[b];
    });
    const double middle = static_cast<double>(level->size() - 1) / 2;
    for (size_t k = 0; k < level->size(); ++k) {
      nodes_[(*level)[k]].order = static_cast<double>(k) - middle;
    }
  }

  std::string edge(const Edge& e) const {
    const Node &a = nodes_[e.from], &b = nodes_[e.to];
    const double x1 = a.x + kWidth / 2, x2 = b.x + kWidth / 2;
    std::string_view style = "stroke-dasharray=\"6 4\" marker-end=\"url(#o)\"";
    if (e.line == Line::information) style = "marker-end=\"url(#a)\"";
    if (e.line == Line::knowledge) style = "stroke-dasharray=\"6 4\" marker-end=\"url(#k)\"";
    if (a.level == b.level) {  // over the heads of those between
      const double end = b.x + (a.x > b.x ? kWidth - 24 : 24);
      return fmt::format(
          "<path class=\"e\" d=\"M{:.1f} {:.1f}Q{:.1f} {:.1f} {:.1f} {:.1f}\" {}/>\n", x1, a.y,
          (x1 + end) / 2, a.y - 2 * kMargin + 6, end, b.y, style);
    }
    std::string points = fmt::format("{:.1f},{:.1f}", x1, a.y);
    for (int level = a.level + 1; level < b.level; ++level) {
      const double part = (level - a.level) / static_cast<double>(b.level - a.level);
      const double y = a.y - kHeight / 2 - (level - a.level) * (kHeight + kGapY) + kHeight;
      const double x = beside(level, x1 + (x2 - x1) * part);
      points += fmt::format(" {:.1f},{:.1f} {:.1f},{:.1f}", x, y + kHeight / 2 + 4, x,
                            y - kHeight / 2 - 4);
    }
    return fmt::format("<polyline points=\"{} {:.1f},{:.1f}\" {}/>\n", points, x2, b.y + kHeight,
                       style);
  }

  // The place nearest to x where a line passes between the boxes of a level.
  double beside(int level, double x) const {
    const auto free = [&](double at) {
      return std::none_of(nodes_.begin(), nodes_.end(), [&](const Node& n) {
        return n.level == level && at > n.x - kGapX / 2 + 1 && at < n.x + kWidth + kGapX / 2 - 1;
      });
    };
    if (free(x)) return x;
    double best = x, best_way = 1e9;
    for (const Node& n : nodes_) {
      if (n.level != level) continue;
      for (const double at : {n.x - kGapX / 2, n.x + kWidth + kGapX / 2}) {
        const double way = at > x ? at - x : x - at;
        if (way < best_way && free(at)) {
          best_way = way;
          best = at;
        }
      }
    }
    return best;
  }

  static std::string outline(const Node& n) {
    const std::string dash = n.foreign ? " stroke-dasharray=\"3 3\"" : "";
    switch (n.shape) {
      case Shape::input:
        return fmt::format(
            "<rect class=\"i\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" "
            "rx=\"{}\"{}/>",
            n.x, n.y, kWidth, kHeight, kHeight / 2, dash);
      case Shape::knowledge:
        return fmt::format("<path class=\"k\" d=\"M{0} {1}l12 -12h{2}v{3}l-12 12h-{2}z\"{4}/>", n.x,
                           n.y + 12, kWidth - 12, kHeight - 12, dash);
      case Shape::service:
        return fmt::format(
            "<rect class=\"s\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" "
            "rx=\"10\" stroke-width=\"2.5\"{}/>",
            n.x, n.y, kWidth, kHeight, dash);
      case Shape::source:
        return fmt::format("<path class=\"q\" d=\"M{0} {1}h{2}v{3}q-{4} -16 -{5} 0t-{5} 0z\"{6}/>",
                           n.x, n.y, kWidth, kHeight - 6, kWidth / 4, kWidth / 2, dash);
      case Shape::decision:
        break;
    }
    return fmt::format("<rect class=\"d\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{}/>", n.x,
                       n.y, kWidth, kHeight, dash);
  }

  static std::string shape(const Node& n) {
    const auto lines = wrap(n.name);
    std::string out = "<a href=\"#" + escape_html(n.id) + "\">" + outline(n);
    double y = n.y + kHeight / 2 + 4.5 - static_cast<double>(lines.size() - 1) * 7.5;
    if (n.shape == Shape::source) y -= 4;
    for (const std::string& line : lines) {
      out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", n.x + kWidth / 2, y,
                         escape_html(line));
      y += 15;
    }
    return out + "</a>\n";
  }

  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
  std::map<std::string, size_t> by_id_;
  double width_ = 0, height_ = 0;
};

}  // namespace

std::string graph_svg(const dmn::Definitions& model) { return Graph(model).draw(); }

}  // namespace yipan::rules
