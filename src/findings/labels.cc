// Names of severities and states.
#include "yipan/findings.h"

namespace yipan::findings {

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::red:
      return "red";
    case Severity::orange:
      return "orange";
    case Severity::yellow:
      return "yellow";
  }
  return "";
}

Text title_of(Severity severity) {
  switch (severity) {
    case Severity::red:
      return {"严重", "serious"};
    case Severity::orange:
      return {"较重", "grave"};
    case Severity::yellow:
      return {"一般", "minor"};
  }
  return {};
}

std::string_view to_string(State state) {
  switch (state) {
    case State::fresh:
      return "new";
    case State::standing:
      return "standing";
    case State::cleared:
      return "cleared";
    case State::reopened:
      return "reopened";
  }
  return "";
}

Text title_of(State state) {
  switch (state) {
    case State::fresh:
      return {"新发现", "new"};
    case State::standing:
      return {"未销号", "standing"};
    case State::cleared:
      return {"已销号", "cleared"};
    case State::reopened:
      return {"再次出现", "reopened"};
  }
  return {};
}

}  // namespace yipan::findings
