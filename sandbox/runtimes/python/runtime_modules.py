"""Modules of a function are those of its code, its layers, Python itself, and of Lambda's runtime: nothing else that is installed here."""
import os
import site
import sys
import sysconfig
from importlib.machinery import PathFinder

# What Lambda's Python runtime brings.
PROVIDED = {"boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six"}


def install(task_root, layers):
    standard = {os.path.realpath(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")}
    installed = [folder for folder in sys.path if folder and _is_package_folder(folder)]
    installed += [folder for folder in site.getsitepackages() if folder not in installed]
    rest = [folder for folder in sys.path[1:] if folder not in installed and _is_standard(folder, standard)]
    sys.path[:] = [task_root, *layers, *rest]
    sys.meta_path.append(RuntimeModules(installed))


def _is_package_folder(folder):
    return os.path.basename(folder) in ("site-packages", "dist-packages")


def _is_standard(folder, standard):
    real = os.path.realpath(folder)
    return folder.endswith(".zip") or any(real == base or real.startswith(base + os.sep) for base in standard)


class RuntimeModules:
    """Finds the modules of Lambda's runtime among those installed here, after all others."""

    def __init__(self, folders):
        self.folders = folders

    def find_spec(self, name, path=None, target=None):
        if path is not None or name not in PROVIDED:
            return None
        spec = PathFinder.find_spec(name, self.folders)
        if spec is None and name in ("boto3", "botocore"):
            raise ModuleNotFoundError(
                f"No module named '{name}': Lambda's runtime has it, and the Python of this machine ({sys.executable}) does not. "
                f"Install it (python3 -m pip install {name}), or bundle it with the function",
                name=name,
            )
        return spec
